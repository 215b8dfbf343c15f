"""Secrets that show by their shape: issuers' prefixes, keys in PEM, signed tokens, and long random text."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

MASK = "[masked]"

_ISSUED = (
    r"(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",  # Amazon
    r"gh[opsur]_[A-Za-z0-9]{16,255}",  # GitHub
    r"github_pat_[A-Za-z0-9_]{16,255}",
    r"gl(?:pat|dt|rt|rtr|ptt|soat|ft|cbt|imt|agent|oas|ffct)-[A-Za-z0-9_.-]{16,255}",  # GitLab
    r"xox[a-z]-[A-Za-z0-9-]{10,255}",  # Slack
    r"xapp-\d-[A-Za-z0-9-]{10,255}",
    r"sk-(?:(?=[A-Za-z_-]{0,64}\d)[A-Za-z0-9_-]{16,255}|[A-Za-z0-9]{32,255})",  # OpenAI, Anthropic, OpenRouter
    r"hf_[A-Za-z0-9]{20,255}",  # Hugging Face
    r"api_org_[A-Za-z0-9]{16,255}",
    r"AIza[A-Za-z0-9_-]{30,255}",  # Google
    r"ya29\.[A-Za-z0-9_-]{16,2048}",
    r"GOCSPX-[A-Za-z0-9_-]{16,255}",
    r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,255}",  # Stripe
    r"whsec_[A-Za-z0-9+/=]{16,255}",
    r"SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}",  # SendGrid
    r"npm_[A-Za-z0-9]{30,255}",
    r"pypi-[A-Za-z0-9_-]{40,1024}",
    r"(?:dop|doo|dor)_v1_[a-f0-9]{32,128}",  # DigitalOcean
    r"dapi[a-f0-9]{32}(?![A-Za-z0-9])",  # Databricks
    r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}",  # Shopify
    r"hv[sbr]\.[A-Za-z0-9_-]{20,255}",  # Vault
    r"nvapi-[A-Za-z0-9_-]{20,255}",  # NVIDIA
    (
        r"(?:gsk|r8|fw|pplx|xai|csk|tgp|lsv2_pt|lsv2_sk|sbp|ntn|lin_api|dckr_pat|glsa|tskey-[a-z]+|sntrys|ATATT3|PMAK)"
        r"[_-][A-Za-z0-9_=-]{20,255}"
    ),
    r"LTAI[A-Za-z0-9]{12,24}(?![A-Za-z0-9])",  # Alibaba
    r"AGE-SECRET-KEY-1[A-Z0-9]{20,128}",
    r"\d{8,10}:AA[A-Za-z0-9_-]{33}",  # Telegram
    r"eyJ[A-Za-z0-9_-]{8,1024}\.[A-Za-z0-9_-]{2,}+(?:\.[A-Za-z0-9_-]*+){0,3}",  # JSON web tokens
)
ISSUED = re.compile(r"(?<![A-Za-z0-9_])(?:" + "|".join(_ISSUED) + ")")
WEBHOOK = re.compile(r"(https://(?:hooks\.slack\.com/services|discord(?:app)?\.com/api/webhooks)/)[^\s\"'<>]+")
PEM = re.compile(
    r"-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY( BLOCK)?-----.*?(?:-----END [A-Z0-9 ]{0,60}-----|\Z)", re.DOTALL
)

_CANDIDATE = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}+={0,2}")
_UUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HASH_BEFORE = re.compile(r"(?i)(?:sha\d{1,3}|md5|blake\w{1,4}|integrity)[-:=\"' ]{1,3}$|sha\d{1,3}-")
_CONTENT_ADDRESS = re.compile(r"(?i)sha(?:1|224|256|384|512)[-:]")
_HEXADECIMAL = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_STORE_PATH = re.compile(r"/(?:nix/store|gnu/store)/")
_KINDS = str.maketrans(
    {**dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "a"), **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A")}
    | dict.fromkeys("0123456789", "0")
)


class Mixture(NamedTuple):
    """What text of certain kinds of characters must show to be taken for random."""

    least_length: int
    least_unbroken: int
    """Random text has long stretches of letters and digits; names of models and kernels are broken into short words."""
    least_changes: float
    """Share of places where the kind changes: 0.62 in base 62, a quarter in ``BertForSequenceClassification``."""
    least_bits: float
    """Shannon entropy of the characters."""


MIXTURES = {
    "0Aa": Mixture(20, 12, 0.36, 3.5),
    "Aa": Mixture(32, 24, 0.38, 3.8),
    "0a": Mixture(32, 24, 0.28, 3.8),
    "0A": Mixture(32, 24, 0.28, 3.8),
}
"""By the kinds of characters that occur: digits, capitals, small letters. Text of one kind is taken for a word."""


def mask_shapes(text: str) -> str:
    """The text without secrets that show by shape."""
    text = PEM.sub(MASK, text)
    text = WEBHOOK.sub(rf"\1{MASK}", text)
    text = ISSUED.sub(MASK, text)
    return _CANDIDATE.sub(_masked_if_random, text)


def _masked_if_random(found: re.Match[str]) -> str:
    candidate = found[0]
    before = found.string[max(0, found.start() - 12) : found.start()]
    if _HASH_BEFORE.search(before) or _CONTENT_ADDRESS.match(candidate) or _STORE_PATH.search(f"{before}{candidate}"):
        return candidate
    if candidate.startswith("/"):
        return "/".join(MASK if is_random(part) else part for part in candidate.split("/"))
    return MASK if is_random(candidate) else candidate


def is_random(text: str) -> bool:
    """Whether text looks drawn at random, and is neither a hash in hexadecimal nor a UUID."""
    segments = [part for part in re.split(r"[^A-Za-z0-9]+", _UUID.sub("", text)) if len(part) >= 4]
    unbroken = [part for part in segments if len(part) >= 12]
    if unbroken and all(_HEXADECIMAL.fullmatch(part) for part in unbroken):
        return False
    return _is_mixed(segments) or _is_aws_secret(text)


def _is_mixed(segments: list[str]) -> bool:
    joined = "".join(segments)
    kinds = [part.translate(_KINDS) for part in segments]
    limits = MIXTURES.get("".join(sorted(set("".join(kinds)))))
    if limits is None or len(joined) < limits.least_length or max(map(len, segments)) < limits.least_unbroken:
        return False
    pairs = [pair for part in kinds for pair in pairwise(part)]
    changes = sum(left != right for left, right in pairs) / len(pairs)
    return changes >= limits.least_changes and bits_per_character(joined) >= limits.least_bits


def _is_aws_secret(text: str) -> bool:
    """Forty characters of base64: slashes may break them into short stretches."""
    if len(text) != 40 or re.search(r"[_-]|^/", text) or not re.search(r"\d", text):
        return False
    pairs = [(left, right) for left, right in pairwise(text.translate(_KINDS)) if left in "0Aa" and right in "0Aa"]
    changes = sum(left != right for left, right in pairs) / len(text)
    return changes >= 0.28 and bits_per_character(text) >= 4.2


def bits_per_character(text: str) -> float:
    """Shannon entropy of the characters."""
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)
