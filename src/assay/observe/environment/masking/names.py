"""Whether a name announces a secret."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STRONG = _words(
    """
    accesskey accesstoken apikey apikeys apisecret apitoken authkey authorization authtoken bearer clientsecret
    cookie cookies cred credential credentials creds jwt keypass masterkey mfa otp passcode passphrase passwd password
    passwords passwort pat pgpass pgpassword private privatekey refreshtoken sas secret secretkey secrets signingkey
    sshpass storepass totp
    """
)
"""Words that announce a secret whatever stands beside them."""
WEAK = _words(
    """
    auth authentication csrf oauth oauth2 pass psk pw pwd session sessionid sid sig signature token xsrf
    """
)
"""Words that announce a secret unless a companion or the value says otherwise."""
KEY_OWNERS = _words(
    """
    access account admin anthropic api app aws azure client cohere consumer crypto datadog decryption deploy
    encrypt encryption gcp gemini github gitlab google groq hmac host licence license master mistral ngc nvidia
    openai pairing rsa sendgrid service shared sign signing ssh ssl storage stripe subscription tls wandb
    webhook write
    """
)
"""A ``key`` is secret where one of these stands before it; alone it may be a sort key."""
HARMLESS_BESIDE = _words(
    """
    affinity algorithm average avg backend batch begin bos budget chunk class classes cls completion context
    count counts decode def defs dim domain duration embedding embeddings end endpoint eos expiry first
    generated generation host index input interval last latency len length limit limits list logit logprobs
    manager mask max maximum method min minimum mode module ms names num number output pad padding parallelism
    per pipeline plugin policy port position ppl prefill prefix probability prompt provider rate ratio realm s
    scheme second seconds sep server size special speculative speed step steps stop strategy streaming through
    throughput time timeout tokenizer top total ttl type types unk uri url usage version vocab vocabulary window
    """
)
"""Words that turn a weak word into a quantity or an option: ``max_token``, ``eos_token_id``, ``session_timeout``."""
SWITCHES = _words(
    """
    allow check disable enable enabled has ignore is need no require requires skip use verify without
    """
)
"""Words that turn a flag into a switch, which takes no value."""
FILE_WORDS = _words(
    """
    dir directory file folder path url
    """
)
PLURALS = {"tokens": "token", "sessions": "session", "keys": "key", "signatures": "signature"}

_HARMLESS_VALUE = re.compile(
    r"(?i)(?:true|false|yes|no|on|off|none|null|auto|default|basic|digest|required|optional|[+-]?\d{1,3})?"
)
_FILE_VALUE = re.compile(r"(?:file:/)?[~./][^\s=&?]*")
_FUSED = re.compile(
    r"(\w*?)(password|passwd|passphrase|secret(?!ar)|apikey|accesskey|privatekey|credentials?|tokens?(?!i[sz]))(\w*)"
)
_PIN_VALUE = re.compile(r"\d{4,12}")
_KEY_FILE = re.compile(r"[~.]{0,2}(?:/[\w.-]+){1,16}\.(?:pem|key|crt|cer|der|json|p12|pub)|~/\.ssh/[\w.-]+")
_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})|[^A-Za-z0-9]+")


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words of ``HF_TOKEN``, ``--api-key``, ``accessToken``, ``mytoken`` or ``password2``, in lower case."""
    whole = (word.lower() for word in _BOUNDARY.split(name[-256:]) if word)
    return tuple(part for word in whole for part in _parts(word))


def _parts(word: str) -> tuple[str, ...]:
    """A secret's word that is written together with its neighbours is found in them."""
    found = None if word in STRONG or word in WEAK else _FUSED.fullmatch(word)
    return tuple(part for part in found.groups() if part) if found else (word,)


def is_secret(name: str, value: str | None = None) -> bool:
    """Whether the value that belongs to this name must be hidden; without a value: whether it could be one."""
    words = words_of(name)
    if not words or (value is not None and _is_file(words, value)):
        return False
    if any(word in STRONG for word in words):
        return value is None or bool(value)
    if words[-1] == "pin" and value is not None:
        return _PIN_VALUE.fullmatch(value) is not None  # ranges of processors and switches are not
    if _is_owned_key(words):
        return value is None or (bool(value) and not _KEY_FILE.fullmatch(value))
    singular = tuple(PLURALS.get(word, word) for word in words)
    if not any(word in WEAK for word in singular):
        return False
    return _is_weak_secret(words, singular, value)


def is_switch(name: str) -> bool:
    """Whether a flag of this name takes no value: ``--use-auth``, ``--no-password``."""
    words = words_of(name)
    return name == "--private" or bool(words and words[0] in SWITCHES)


def _is_weak_secret(words: tuple[str, ...], singular: tuple[str, ...], value: str | None) -> bool:
    if "pwd" in words and value is not None and value.startswith("/"):
        return False  # the shell's working folder
    if any(word in HARMLESS_BESIDE for word in words):
        return False
    if _is_number_of_token(singular) or _counts_tokens(words, singular, value):
        return False
    return value is None or not _HARMLESS_VALUE.fullmatch(value)


def _is_number_of_token(words: tuple[str, ...]) -> bool:
    """``eos_token_id`` is a place in a vocabulary; ``id_token`` and ``session_id`` are secrets."""
    return any(left == "token" and right in {"id", "ids"} for left, right in pairwise(words))


def _counts_tokens(words: tuple[str, ...], singular: tuple[str, ...], value: str | None) -> bool:
    """``--tokens 2048`` counts; a plural is a secret only if its value is no number."""
    return words != singular and (value is None or re.fullmatch(r"[\d.,:_-]{1,20}", value) is not None)


def _is_owned_key(words: tuple[str, ...]) -> bool:
    return any(owner in KEY_OWNERS and key in {"key", "keys"} for owner, key in pairwise(words))


def _is_file(words: tuple[str, ...], value: str) -> bool:
    return words[-1] in FILE_WORDS and _FILE_VALUE.fullmatch(value) is not None
