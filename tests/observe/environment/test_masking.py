"""Secrets disappear, by name and by shape; what only looks like one stays."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.observe.environment.masking import MASK, admitted_variables, mask_argv, mask_text, mask_variables
from assay.observe.environment.masking.text import LONGEST

WORD = "hunter2"
"""A secret with no shape of its own: only its name tells."""

BY_NAME = [
    ["--api-key", WORD],
    ["--api-key=" + WORD],
    ["--api_key", "-" + WORD],
    ["--token", WORD],
    ["--hf-token=" + WORD],
    ["--password", WORD],
    ["--passphrase", "my " + WORD],
    ["--secret", WORD],
    ["--client-secret", WORD],
    ["--private-key=" + WORD],
    ["--accessToken=" + WORD],
    ["--db_password", WORD],
    ["--credential=" + WORD],
    ["--session-token", WORD],
    ["--auth", "bob:" + WORD],
    ["--auth-token", WORD],
    ["--cookie", "sid=" + WORD],
    ["API_KEY=" + WORD],
    ["OPENAI_API_KEY=" + WORD],
    ["AWS_SECRET_ACCESS_KEY=" + WORD],
    ["PGPASSWORD=" + WORD],
    ["MY_PASSWD=" + WORD],
    ["PASSWORD2=" + WORD],
    ["GCP_CREDENTIALS=" + WORD],
    ["SESSION=" + WORD],
    ["mytoken=" + WORD],
    ["dbpassword=" + WORD],
    ["ACCESS_TOKENS=a," + WORD],
    ["PASSWORD=a;b " + WORD],
    ["--env=API_KEY=" + WORD],
    ["-e", "DB_PASSWORD=" + WORD],
    ["auth.token=" + WORD],
    ["trainer.logger.api_key=" + WORD],
    ["TOKEN='" + WORD + " x'"],
    ["password=hun)" + WORD],
    ["-H", "Authorization: Bearer " + WORD],
    ["-H", "Authorization: Basic " + WORD],
    ["-H", "authorization:" + WORD],
    ["-H", "X-Api-Key: " + WORD],
    ["-H", "Cookie: a=b; sid=" + WORD],
    ["-H", "Set-Cookie: sid=" + WORD + "; HttpOnly"],
    ["--header=Proxy-Authorization: Basic " + WORD],
    ["postgres://u:" + WORD + "@h/db"],
    ["redis://:" + WORD + "@localhost:6379/0"],
    ["mongodb+srv://u:p@ss" + WORD + "@h/x"],
    ["--proxy=http://bob:" + WORD + "@proxy:80"],
    ["--dsn", "user:" + WORD + "@tcp(localhost:3306)/db"],
    ["https://h/p?token=" + WORD + "&x=1"],
    ["https://h/p?x=1&api_key=" + WORD + "#top"],
    ["https://h/p?key=" + WORD],
    ["https://s3/x?X-Amz-Signature=" + WORD + "&X-Amz-Credential=" + WORD],
    ["curl", "-u", "bob:" + WORD],
    ["curl", "--user", "bob:" + WORD],
    ["mysql", "-p" + WORD],
    ["sudo", "mysqldump", "-p" + WORD, "db"],
    ["sshpass", "-p", WORD, "ssh"],
    ["redis-cli", "-a", WORD],
    ["docker", "login", "-p", WORD],
    ["wget", "--http-password=" + WORD],
    ['{"api_key": "' + WORD + '", "n": 3}'],
    ["{'password': '" + WORD + "'}"],
    ['{\\"secret\\": \\"' + WORD + '\\"}'],
    ["{token:" + WORD + "}"],
    ["--conn=Server=x;Password=" + WORD + ";User=y"],
    ["id_token=" + WORD],
    ["session_id=" + WORD],
    ["--new-token", WORD],
    ["postgres://u:pa/" + WORD + "@h/db"],
    ["<config><db_password>" + WORD + "</db_password></config>"],
    ["bash", "-c", "export TOKEN=" + WORD + "; run --password " + WORD + " -v"],
    ["bash", "-c", "curl https://x -H 'Authorization: Bearer " + WORD + "' -d a=b"],
    ["curl", "-ubob:" + WORD],
    ["sh", "-c", "mysql -u root -p" + WORD + " db"],
    ["sh", "-c", "cd x && sshpass -p '" + WORD + "' ssh h | cat"],
    ["password: " + WORD],
    ["f(token=" + WORD + ")"],
    ["python", "-c", "os.environ['TOKEN'] = '" + WORD + "'"],
    ["keytool", "-storepass", WORD],
    ["MASTERKEY=" + WORD],
    ["http", "-a", "bob:" + WORD, "https://h"],
    ["openssl", "enc", "-k", WORD],
    ["wandb", "login", WORD],
    ["python", "/usr/bin/wandb", "login", "--relogin", WORD],
    ["aws", "configure", "set", "aws_secret_access_key", WORD],
    ["smbclient", "//host/share", "-U", "bob%" + WORD],
    ["sudo", "rpcclient", "-Ubob%" + WORD, "host"],
    ["lftp", "-u", "bob," + WORD, "sftp://host"],
    ["xfreerdp", "/u:bob", "/p:" + WORD, "/v:host"],
    ["htpasswd", "-nbB", "bob", WORD],
]

RANDOM = random.Random(4)
ALPHABET = string.ascii_letters + string.digits


def drawn(length: int, alphabet: str = ALPHABET) -> str:
    return "".join(RANDOM.choice(alphabet) for _ in range(length))


BY_SHAPE = [
    "AKIAIOSFODNN7EXAMPLE",
    "ASIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "ghp_" + drawn(36),
    "gho_" + drawn(36),
    "github_pat_" + drawn(22) + "_" + drawn(59),
    "glpat-" + drawn(20),
    "xoxb-123456789012-1234567890123-" + drawn(24),
    "xoxp-123456789012-" + drawn(20),
    "sk-" + drawn(48),
    "sk-proj-" + drawn(64),
    "sk-ant-api03-" + drawn(64),
    "hf_" + drawn(34),
    "AIza" + drawn(35),
    "ya29." + drawn(60),
    "sk_live_" + drawn(24),
    "SG." + drawn(22) + "." + drawn(43),
    "npm_" + drawn(36),
    "pypi-AgEIcHlwaS5vcmc" + drawn(60),
    "nvapi-" + drawn(60),
    "dop_v1_" + drawn(64, "0123456789abcdef"),
    "dapi" + drawn(32, "0123456789abcdef"),
    "hvs." + drawn(24),
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAA",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQdGBF\n-----END PGP PRIVATE KEY BLOCK-----",
    "https://hooks.slack.com/services/T00000000/B00000000/" + drawn(24),
    "https://" + "a1b2c3d4e5" * 4 + "@github.com/x/y",
    "123456789:AA" + drawn(33),
]

HARMLESS = [
    ["--max-tokens", "128"],
    ["--max_tokens=128"],
    ["MAX_TOKENS=128"],
    ["max_new_tokens=4096"],
    ["--num-tokens=4096"],
    ["--token-budget=2048"],
    ["--prompt-tokens", "512"],
    ["--tokens-per-second=30.5"],
    ["--eos-token-id", "50256"],
    ["--pad-token", "<pad>"],
    ["--stop-token", "</s>"],
    ["--tokenizer", "gpt2"],
    ["--detokenize=true"],
    ["TOKENIZERS_PARALLELISM=false"],
    ["--attention-sink-tokens=4"],
    ["--use-auth-token", "model"],
    ["--author", "Jane"],
    ["--authors=Jane"],
    ["--key", "name"],
    ["--sort-key=time"],
    ["--key-bits", "256"],
    ["--keyboard", "de"],
    ["--monkey=x"],
    ["--compass", "north"],
    ["--passes", "3"],
    ["--passive", "x"],
    ["--secretary-level=2"],
    ["--session-timeout", "30"],
    ["--session", "off"],
    ["--auth=none"],
    ["--password-file", "/run/secrets/db"],
    ["signature_def=serving_default"],
    ["eos_token_id=50256"],
    ["--auth-backend=ldap"],
    ["--oauth-url=https://login.example.com/realm"],
    ["--pass-pipeline=builtin.module(canonicalize)"],
    ["--pass-through", "yes"],
    ["gh", "repo", "create", "--private", "name"],
    ["--ssl-key", "/etc/ssl/server.key"],
    ["SSH_KEY=~/.ssh/id_ed25519"],
    ["http://host:8080/path?email=a@b.com"],
    ["http://[::1]:8080/a@b"],
    ["oci://name:tag@sha256:9f86d081884c7d65"],
    ["<author>Jane</author>"],
    ["password:"],
    ["PWD=/home/x"],
    ["OMP_NUM_THREADS=8"],
    ["CUDA_VISIBLE_DEVICES=0,1"],
    ["CUBLAS_WORKSPACE_CONFIG=:4096:8"],
    ["PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True,max_split_size_mb:128"],
    ["LD_LIBRARY_PATH=/usr/local/cuda-12.4/targets/x86_64-linux/lib:/opt/rocm/lib"],
    ["docker", "run", "-u", "1000:1000", "-p", "8080:80"],
    ["-p", "0.9"],
    ["--label", "a:b@c"],
    ["git@github.com:org/repo.git"],
    ["ssh://git@github.com/org/repo"],
    ["mailto:bob@example.com"],
    ["http://localhost:8080/v1/completions"],
    ["https://example.com/a?page=2&sort=name"],
    ["https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct/resolve/main/model-00001-of-00004.safetensors"],
    ["the token count is 5"],
    ["print('token:', 5)"],
    ["--trust-remote-code"],
    ["docker", "login", "registry.example.com"],
    ["x[token] + 1"],
]

LOOK_ALIKES = [
    "92b7c2c0ec7a43503d3c199c65d37241a249879d",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "D41D8CD98F00B204E9800998ECF8427E",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "python:3.11@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
    "SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDzwTHvhYzJY5Wg1Ac",
    "550e8400-e29b-41d4-a716-446655440000",
    "GPU-8f3a1c2e-1234-5678-9abc-def012345678",
    "01JD3Q8Z5V0R6Y8K2M4N7P9T1X",
    "meta-llama/Llama-3.1-8B-Instruct",
    "Qwen2.5-Coder-32B-Instruct-GPTQ-Int4",
    "Meta-Llama-3-8B-Instruct-Q4_K_M.gguf",
    "DeepSeek-R1-Distill-Qwen-1.5B-Q8_0.gguf",
    "MiniCPM-Llama3-V-2_5-int4",
    "models--meta-llama--Llama-3.1-8B-Instruct/snapshots/0e9e39f249a16976918f6564b8830bc894c89659",
    "xlm-roberta-large-finetuned-conll03-english",
    "vit_base_patch16_224.augreg2_in21k_ft_in1k",
    "BertForSequenceClassificationWithPooling",
    "ExponentialMovingAverageModelV2Final",
    "sm80_xmma_gemm_f16f16_f16f32_f32_tn_n_tilesize64x64x32_stage6_warpsize2x2x1",
    "_ZN5torch8autograd6Engine15evaluate_functionERSt10shared_ptrINS0_9GraphTaskEEPNS0_4NodeE",
    "/usr/lib/python3.11/site-packages/numpy/core/_multiarray_umath.cpython-311-x86_64-linux-gnu.so",
    "/home/User/MyProject2024/Src/V2Test/DataLoader3XYZ/ckpt10/File_AB12cd",
    "/nix/store/0c5z3n1v8wqk2y9m7b4h6x1d3f5g8j0l-python3-3.11",
    "/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T",
    "s3://bucket/path/to/file-2024-01-01T00:00:00Z.parquet",
    "exp_2024-01-01_12-30-00_lr0.001_bs32",
    "-----BEGIN CERTIFICATE-----",
]


def joined(argv: list[str]) -> str:
    return " ".join(mask_argv(argv))


@pytest.mark.parametrize("argv", BY_NAME, ids=" ".join)
def test_what_a_name_announces_is_hidden(argv: list[str]) -> None:
    assert WORD not in joined(argv)
    assert MASK in joined(argv)


@pytest.mark.parametrize("secret", BY_SHAPE)
@pytest.mark.parametrize("template", ["{}", "--thing={}", "x {} y", '{{"id": "{}"}}', "id={},b"])
def test_what_has_the_shape_of_a_secret_is_hidden(secret: str, template: str) -> None:
    masked = mask_text(template.format(secret))
    assert secret[-16:] not in masked
    assert MASK in masked


@pytest.mark.parametrize("argv", HARMLESS, ids=" ".join)
def test_harmless_arguments_stay_as_they_are(argv: list[str]) -> None:
    assert list(mask_argv(argv)) == argv


@pytest.mark.parametrize("text", LOOK_ALIKES)
@pytest.mark.parametrize("template", ["{}", "--thing={}", "x {} y"])
def test_hashes_paths_and_names_of_models_stay_as_they_are(text: str, template: str) -> None:
    assert mask_text(template.format(text)) == template.format(text)


@pytest.mark.parametrize(("argument", "hidden"), [("4711", True), ("0-15", False), ("true", False)])
def test_a_pin_of_digits_is_hidden_and_pinning_is_not(argument: str, hidden: bool) -> None:
    assert mask_argv(["tool", "--pin", argument]) == ("tool", "--pin", MASK if hidden else argument)


def test_what_stands_beside_a_secret_stays() -> None:
    argv = ["curl", "-H", "Authorization: Bearer abc", "https://u:p@h/x?token=abc&n=1", "--max-time=3"]
    expected = ("curl", "-H", f"Authorization: Bearer {MASK}", f"https://u:{MASK}@h/x?token={MASK}&n=1", "--max-time=3")
    assert mask_argv(argv) == expected


@pytest.mark.parametrize("length", [24, 32, 40, 64])
def test_random_text_is_hidden_nearly_always(length: int) -> None:
    generator = random.Random(length)
    texts = ["".join(generator.choice(ALPHABET) for _ in range(length)) for _ in range(500)]
    hidden = sum(MASK in mask_text(text) for text in texts)
    assert hidden >= 475


TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            ["--token", "password", "=", ":", " ", '"', "'", "\\", "@", "://", "u", MASK, "[", "]", "Bearer "]
        ),
        st.sampled_from([argument for argv in BY_NAME + HARMLESS for argument in argv]),
        st.text(max_size=12),
    ),
    max_size=12,
).map("".join)


@settings(deadline=None)
@given(TEXTS)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_any_arguments_can_be_masked_and_keep_their_number(argv: list[str]) -> None:
    once = mask_argv(argv)
    assert len(once) == len(argv)
    assert mask_argv(once) == once


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=20), st.text(max_size=60), max_size=5))
def test_any_variables_can_be_masked(variables: dict[str, str]) -> None:
    masked = mask_variables(variables)
    assert masked.keys() == variables.keys()
    assert mask_variables(masked) == masked


@pytest.mark.parametrize(
    "piece",
    ["a", "token=", "a:b@", "eyJ-", '"', "'a", "\\'", "://", "bearer ", "--x ", "-----BEGIN PRIVATE KEY-----", "?key="],
)
def test_long_hostile_text_stays_within_its_bound(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    masked = mask_text(text)
    assert len(masked) <= LONGEST
    assert mask_text(masked) == masked


def test_long_text_keeps_its_beginning_and_shows_the_cut() -> None:
    masked = mask_text("word " * 20_000)
    assert masked.startswith("word word")
    assert masked.endswith("[…cut]")


def test_of_very_many_arguments_the_first_are_kept() -> None:
    masked = mask_argv(["x"] * 5000)
    assert len(masked) == 4096
    assert masked[-1] == "[…905 more]"
    assert mask_argv(masked) == masked


def test_the_next_line_is_not_the_value_of_this_one() -> None:
    assert mask_text("password:\nuser: me") == "password:\nuser: me"


def test_text_that_is_no_unicode_is_masked_too() -> None:
    assert mask_text("token=\udcff\udcfe x") == f"token={MASK} x"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("HF_TOKEN", "anything", MASK),
        ("AWS_SECRET_ACCESS_KEY", "x", MASK),
        ("HF_HOME", "/data/hf", "/data/hf"),
        ("OMP_NUM_THREADS", "4", "4"),
        ("VLLM_API_KEY", "", ""),
        ("SOME_URL", "https://u:pw@h/", f"https://u:{MASK}@h/"),
        ("CUDA_X", "ghp_" + "a1B2" * 9, MASK),
    ],
)
def test_variables_are_hidden_by_their_name_or_by_what_they_hold(name: str, value: str, shown: str) -> None:
    assert mask_variables({name: value}) == {name: shown}


def test_only_listed_variables_are_admitted() -> None:
    environ = {
        "OMP_NUM_THREADS": "1",
        "PATH": "/bin",
        "AWS_PROFILE": "x",
        "CUDA_VISIBLE_DEVICES": "0",
        "LD_PRELOAD": "a.so",
        "USER": "me",
    }
    assert set(admitted_variables(environ)) == {"OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "LD_PRELOAD"}
