# Short names for the stages of .ci/run, which is what the project's checks are.

# Everything, as continuous integration runs it
check:
    .ci/run

# Any stage by name: `just stage lint types`
stage +names:
    .ci/run {{names}}

# Format all sources in place
format:
    .venv-ci/bin/ruff format .
    .venv-ci/bin/ruff check --fix .
    find native -name '*.cpp' -o -name '*.hpp' -o -name '*.h' | xargs .venv-ci/bin/clang-format -i

# Formatting, lint, types and the import contracts: the quick half
lint:
    .ci/run format lint types contracts clang-format security

# The Python tests with coverage, on a fresh build
test:
    .ci/run install tests

# The C++ tests under sanitizers
native:
    .ci/run native

# The documentation, warnings as errors
docs:
    .ci/run docs
