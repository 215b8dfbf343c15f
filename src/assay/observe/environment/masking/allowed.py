"""Which environment variables are recorded: those that change performance, and no others."""

from __future__ import annotations

from collections.abc import Mapping

PREFIXES = (
    "ASSAY_",
    "BLIS_",
    "CUBLAS_",
    "CUDA_",
    "CUDNN_",
    "DNNL_",
    "GGML_",
    "GOMP_",
    "GOTO_",
    "GPU_",
    "HIP_",
    "HF_",
    "HSA_",
    "I_MPI_",
    "JAX_",
    "KMP_",
    "LLAMA_",
    "MALLOC_",
    "MIOPEN_",
    "MKL_",
    "MPICH_",
    "NCCL_",
    "NUMBA_",
    "NUMEXPR_",
    "NVIDIA_",
    "NVTE_",
    "OMPI_",
    "OMP_",
    "ONEDNN_",
    "ONNX",
    "OPENBLAS_",
    "ORT_",
    "PYTHON",
    "PYTORCH_",
    "RAY_",
    "RAYON_",
    "ROCR_",
    "SLURM_CPU",
    "SLURM_GPU",
    "SLURM_JOB_ID",
    "SLURM_MEM",
    "SLURM_N",
    "TBB_",
    "TENSORRT_",
    "TF_",
    "TOKENIZERS_",
    "TORCH",
    "TRANSFORMERS_",
    "TRITON_",
    "TRT_",
    "UCX_",
    "VECLIB_",
    "VLLM_",
    "XLA_",
)
NAMES = frozenset(
    {
        "CONDA_DEFAULT_ENV",
        "GLIBC_TUNABLES",
        "LANG",
        "LC_ALL",
        "LD_BIND_NOW",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "SAFETENSORS_FAST_GPU",
        "TZ",
        "USE_FLASH_ATTENTION",
        "VIRTUAL_ENV",
    }
)
MOST_VARIABLES = 1000


def admitted_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Those of the variables that the list names; their values are not masked yet."""
    names = (name for name in sorted(environ) if name in NAMES or name.startswith(PREFIXES))
    return {name: environ[name] for name in list(names)[:MOST_VARIABLES] if 0 < len(name) <= 512}
