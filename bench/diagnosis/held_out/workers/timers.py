"""Arms an alarm for every booking; alarms live as long as the bookings."""

import random
import threading
import time


class Booking:
    def __init__(self, number: int, minutes: float) -> None:
        self.number = number
        self.minutes = minutes
        self.cancelled = threading.Event()

    def arm(self) -> threading.Thread:
        alarm = threading.Thread(target=self._ring, daemon=True)
        alarm.start()  # cause
        return alarm

    def _ring(self) -> None:
        self.cancelled.wait(self.minutes * 60)


class Desk:
    def __init__(self) -> None:
        self.bookings: list[Booking] = []
        self.alarms: list[threading.Thread] = []
        self.prices: dict[int, float] = {}

    def take(self, booking: Booking) -> None:
        self.bookings.append(booking)
        self.alarms.append(booking.arm())
        self.prices[booking.number] = sum(booking.minutes / (one + 1) for one in range(20_000))


def main() -> None:
    rng = random.Random(15)
    desk = Desk()
    for number in range(260):
        desk.take(Booking(number, rng.uniform(30, 90)))
        time.sleep(0.006)
    print(len(desk.bookings), "bookings,", threading.active_count(), "threads", round(sum(desk.prices.values()), 1))


if __name__ == "__main__":
    main()
