"""What measures: this installation of Assay and its core."""

from __future__ import annotations

from assay import __version__
from assay.errors import SettingsError
from assay.record.base import Absent
from assay.record.plan import Software
from assay.vgpu import core_info


def this_software() -> Software:
    """The measuring software, as it goes into every run."""
    try:
        core = core_info()
    except (ValueError, RuntimeError) as error:
        raise SettingsError(str(error).removeprefix("isa: "), remedy="or unset ASSAY_ISA") from error
    absent = () if core.compiler else (Absent(field="/compiler", reason="the core in use is not compiled"),)
    return Software(assay=__version__, core=core.core, isa=core.isa, compiler=core.compiler, absent=absent)
