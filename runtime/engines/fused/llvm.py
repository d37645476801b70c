"""All that needs LLVM itself: code for this CPU from the text of a module, and object code of any format in memory."""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm

from heliograph.runtime.engines.fused.lanes import Isa

_FEATURES = {Isa.AVX2: "+avx2,+fma,+avx,-avx512f", Isa.GENERIC: ""}


def host_features() -> tuple[str, set[str]]:
    """LLVM's name of this CPU, and what it can do."""
    return llvm.get_host_cpu_name(), {name for name, there in llvm.get_host_cpu_features().items() if there}


def emit(text: str, isa: Isa) -> bytes:
    """Object code of a module. Raises RuntimeError where LLVM cannot.

    Kernels are vector code when they are built: registers for what lies on the stack and simpler instructions are all
    that they gain from. LLVM's own list of passes ("O3") takes ten times as long, for the same speed.
    """
    machine = _machine(isa)
    module = _module(text, machine)
    module.verify()
    passes = llvm.create_new_module_pass_manager()
    passes.add_sroa_pass()
    passes.add_instruction_combine_pass()
    passes.add_simplify_cfg_pass()
    passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))
    code: bytes = machine.emit_object(module)
    return code


def load(code: bytes, name: str, isa: Isa) -> tuple[Any, int]:
    """What keeps object code in memory, and the address of a function of it."""
    machine = _machine(isa)
    engine = llvm.create_mcjit_compiler(_module("", machine), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine, engine.get_function_address(name)


def _module(text: str, machine: Any) -> Any:
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    return module


def _machine(isa: Isa) -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    if isa in _FEATURES:
        return target.create_target_machine(cpu="", features=_FEATURES[isa], opt=3, jit=True)
    features = llvm.get_host_cpu_features().flatten() + ",-prefer-256-bit"
    return target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=3, jit=True)
