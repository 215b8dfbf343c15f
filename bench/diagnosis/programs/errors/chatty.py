"""Report every record to a log file."""
import logging
import os
import tempfile


def work(records):
    total = 0
    for record in records:
        total += record
        logging.info("handled record %d of %d", record, len(records))  # cause
    return total


def main():
    path = os.path.join(tempfile.mkdtemp(), "job.log")
    logging.basicConfig(filename=path, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    print(work(range(170_000)))


main()
