"""Render pages from a template."""
import os
import tempfile


def render(path, name):
    with open(path) as file:
        template = file.read()  # cause
    return template.replace("{name}", name)


def main():
    path = os.path.join(tempfile.mkdtemp(), "page.html")
    with open(path, "w") as file:
        file.write("<p>hello {name}</p>\n" * 40)
    print(sum(len(render(path, str(number))) for number in range(150_000)))


main()
