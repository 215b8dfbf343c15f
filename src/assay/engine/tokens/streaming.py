"""Text as its tokens arrive: no piece ends within a character, and the pieces together are the whole text."""

from __future__ import annotations

from assay.engine.tokens.tokenizer import Tokenizer

UNFINISHED = "\N{REPLACEMENT CHARACTER}"


class TextStream:
    """Takes tokens one by one and gives the text that is certain.

    A token's text depends on those before it (spaces, bytes of one character), so each time the tokens since the last
    certain boundary but one are decoded anew, and what was given already is left out.
    """

    def __init__(self, tokenizer: Tokenizer, *, skip_special: bool = True) -> None:
        self._tokenizer = tokenizer
        self._skip = skip_special
        self._tokens: list[int] = []
        self._given = 0
        """How many of the tokens have been given as text; those before them are only kept as what they follow."""

    def push(self, token: int) -> str:
        """The text that the token makes certain; empty while a character is not whole."""
        self._tokens.append(token)
        text = self._pending()
        if not text or text.endswith(UNFINISHED):
            return ""
        self._tokens = self._tokens[self._given :]
        self._given = len(self._tokens)
        return text

    def finish(self) -> str:
        """The rest, whole or not."""
        text = self._pending()
        self._tokens, self._given = [], 0
        return text

    def _pending(self) -> str:
        before = self._tokenizer.decode(self._tokens[: self._given], skip_special=self._skip)
        whole = self._tokenizer.decode(self._tokens, skip_special=self._skip)
        return whole[len(before) :]
