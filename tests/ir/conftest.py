import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # for xdsl_check and ir_strategies
