"""Assemble a message from the frames of a stream."""


def assemble(frames):
    message = b""
    for frame in frames:
        message = message + frame  # cause
    return message


def frames(count):
    return [bytes([number % 251]) * 700 for number in range(count)]


print(len(assemble(frames(6_500))))
