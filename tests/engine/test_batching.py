from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from assay.engine.batching import Batch
from assay.engine.files import open_model
from assay.engine.generate import Piece, Request, generate
from assay.engine.reference import Reference
from assay.engine.sampling import Sampling
from assay.errors import ModelError
from tests.engine.decoders import write_decoder

TOKENS = np.random.default_rng(0).integers(3, 96, 60).tolist()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    folder = tmp_path_factory.mktemp("model")
    write_decoder(folder, "llama")
    model = open_model(folder)
    return Reference(model.architecture, model.weights)


def request_of(start: int, size: int, limit: int = 6, seed: int = 0) -> Request:
    sampling = Sampling(temperature=0.8, seed=seed) if seed else Sampling()
    return Request(tokens=tuple(TOKENS[start : start + size]), limit=limit, sampling=sampling)


def drained(batch: Batch) -> dict[int, list[Piece]]:
    pieces: defaultdict[int, list[Piece]] = defaultdict(list)
    while not batch.is_idle:
        for ticket, piece in batch.step():
            pieces[ticket].append(piece)
    return dict(pieces)


@pytest.mark.parametrize("most", [1, 2, 8])
def test_a_request_gets_the_same_text_whoever_runs_beside_it(engine: Reference, most: int) -> None:
    requests = [request_of(place, 3 + place, limit=3 + place % 4, seed=place % 3) for place in range(7)]
    batch = Batch(engine, most=most)
    tickets = [batch.submit(request) for request in requests]
    pieces = drained(batch)
    for ticket, request in zip(tickets, requests, strict=True):
        assert pieces[ticket] == list(generate(engine, request))
    assert batch.shared_tokens == 0


def test_requests_join_while_others_run(engine: Reference) -> None:
    batch = Batch(engine)
    first = batch.submit(request_of(0, 4, limit=8))
    assert [ticket for ticket, _ in batch.step()] == [first]
    second = batch.submit(request_of(9, 5, limit=2))
    assert [ticket for ticket, _ in batch.step()] == [first, second]
    rest = drained(batch)
    assert (len(rest[first]), len(rest[second])) == (6, 1)


def test_prompts_that_begin_alike_share_their_start(engine: Reference) -> None:
    batch = Batch(engine, kept=2)
    batch.submit(request_of(0, 30))
    drained(batch)
    longer = batch.submit(request_of(0, 40))
    assert drained(batch)[longer] == list(generate(engine, request_of(0, 40)))
    assert batch.shared_tokens == 30
    same = batch.submit(request_of(0, 30))
    assert drained(batch)[same] == list(generate(engine, request_of(0, 30)))
    assert batch.shared_tokens == 30 + 29
    batch.close()
    again = batch.submit(request_of(0, 30))
    assert drained(batch)[again]
    assert batch.shared_tokens == 59


def test_a_running_request_shares_its_start_too(engine: Reference) -> None:
    batch = Batch(engine)
    batch.submit(request_of(0, 20, limit=30))
    batch.step()
    other = batch.submit(Request(tokens=(*TOKENS[:18], 5, 6), limit=4))
    assert drained(batch)[other] == list(generate(engine, Request(tokens=(*TOKENS[:18], 5, 6), limit=4)))
    assert batch.shared_tokens == 18


def test_what_is_cancelled_gives_nothing_more(engine: Reference) -> None:
    batch = Batch(engine, most=1)
    first, second = batch.submit(request_of(0, 4)), batch.submit(request_of(1, 4))
    batch.step()
    batch.cancel(first)
    batch.cancel(second)
    assert batch.is_idle
    assert batch.step() == []


def test_requests_for_nothing_are_refused(engine: Reference) -> None:
    batch = Batch(engine)
    with pytest.raises(ModelError, match="the prompt is empty"):
        batch.submit(Request(tokens=()))
    with pytest.raises(ModelError, match="nothing is asked for"):
        batch.submit(Request(tokens=(1,), limit=0))
