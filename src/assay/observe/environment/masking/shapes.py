"""Secrets that show by their shape: issuers' prefixes, keys in PEM, signed tokens, and long random text."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

MASK = "[masked]"

_ISSUED = (
    r"(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",  # Amazon
    r"gh[opsur]_[A-Za-z0-9]{16,255}",  # GitHub
    r"github_pat_[A-Za-z0-9_]{16,255}",
    r"gl(?:pat|dt|rt|rtr|ptt|soat|ft|cbt|imt|agent|oas|ffct)-[A-Za-z0-9_.-]{16,255}",  # GitLab
    r"xox[a-z]-[A-Za-z0-9-]{10,255}",  # Slack
    r"xapp-\d-[A-Za-z0-9-]{10,255}",
    r"sk-(?=[A-Za-z_-]{0,64}\d)[A-Za-z0-9_-]{16,255}",  # OpenAI, Anthropic, OpenRouter
    r"hf_[A-Za-z0-9]{16,255}",  # Hugging Face
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
    r"eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{2,8192}(?:\.[A-Za-z0-9_-]{0,8192}){0,3}",  # JSON web tokens
)
ISSUED = re.compile(r"(?<![A-Za-z0-9_])(?:" + "|".join(_ISSUED) + ")")
WEBHOOK = re.compile(r"(https://(?:hooks\.slack\.com/services|discord(?:app)?\.com/api/webhooks)/)[^\s\"'<>]+")
PEM = re.compile(
    r"-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY( BLOCK)?-----.*?(?:-----END [A-Z0-9 ]{0,60}-----|\Z)", re.DOTALL
)

_CANDIDATE = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{20,}={0,2}(?![A-Za-z0-9+/=_-])")
_UUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HASH_BEFORE = re.compile(r"(?i)(?:sha\d{1,3}|md5|blake\w{1,4}|integrity)[-:=\"' ]{1,3}$|sha\d{1,3}-")
_CONTENT_ADDRESS = re.compile(r"(?i)sha(?:1|224|256|384|512)[-:]")
_STORE_PATH = re.compile(r"/(?:nix/store|gnu/store)/")
_CLASSES = str.maketrans(
    {**dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "a"), **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A")}
    | dict.fromkeys("0123456789", "0")
)
SHORTEST_UNBROKEN = 16
"""Random text has long stretches of letters and digits; names of models and kernels are broken into short words."""
MIXED = {3: (20, 0.36, 3.5), 2: (32, 0.28, 3.8)}
"""Kinds of characters -> least length, least share of changes of kind, least bits per character.

Random base-62 text changes kind at 62 % of its places, ``BertForSequenceClassification`` at a quarter.
"""


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
    return MASK if is_random(candidate) else candidate


def is_random(text: str) -> bool:
    """Whether text looks drawn at random, and is neither a hash in hexadecimal nor a UUID."""
    segments = [part for part in re.split(r"[^A-Za-z0-9]+", _UUID.sub("", text)) if len(part) >= 4]
    if max(map(len, segments), default=0) < SHORTEST_UNBROKEN:
        return _is_aws_secret(text)
    if all(re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", part) for part in segments if len(part) >= SHORTEST_UNBROKEN):
        return False
    return _is_mixed(segments)


def _is_mixed(segments: list[str]) -> bool:
    joined = "".join(segments)
    kinds = [part.translate(_CLASSES) for part in segments]
    limits = MIXED.get(len(set("".join(kinds))))
    if limits is None or len(joined) < limits[0]:
        return False
    pairs = [pair for part in kinds for pair in pairwise(part)]
    changes = sum(left != right for left, right in pairs) / len(pairs)
    return changes >= limits[1] and bits_per_character(joined) >= limits[2]


def _is_aws_secret(text: str) -> bool:
    """Forty characters of base64: slashes may break them into short stretches."""
    if len(text) != 40 or "-" in text or "_" in text or not re.search(r"\d", text):
        return False
    kinds = text.translate(_CLASSES)
    changes = sum(left != right for left, right in pairwise(kinds) if left in "aA0" and right in "aA0") / len(text)
    return changes >= 0.3 and bits_per_character(text) >= 4.2


def bits_per_character(text: str) -> float:
    """Shannon entropy of the characters."""
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)
