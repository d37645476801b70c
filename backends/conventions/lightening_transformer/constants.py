"""Constants of the simulator that no target of ours has. Source of all: its public code, commit 7c3d4ad."""

SENSITIVITY_DBM = -25.0  # of a photodiode; the laser is sized for it
ADDER_PJ = 0.2 / 4.39 / 5  # ISAAC's adder over a node-scaling factor, per operation at 5 GHz
LOCAL_PJ = 0.92  # tile buffer, per word of 2 bytes
NOC_PJ = 2.0  # hop to the adder, per word
WORD_BITS = 16
LOCAL_BYTES = 4096
DRAM_BITS_PER_S = 8 * 2**40
BUFFER_BITS_PER_S = 64 * 64 * 2**30 * 8 / 0.604347
MEMORY_HZ = 500e6
MEMORY_CORES = 2  # cores of a tile in all its designs
COLUMN_SAMPLES = 3  # symbols added up before the ADC, at most
BUFFER_MW = 315.2512 / 4, 0.172725, 0.0154  # per tile, per tile and one, per core buffer: static power of memories
OTHER_BITS = 4  # non-linear layers are counted at 4 bits, whatever the precision
SOFTMAX_PJ = 51.6 / 44.8 * 4 / 8  # per element
ELEMENT_PJ = 0.1  # per elementary operation: 8 for an activation, 5 for a normalisation, 1 for an addition

# Area in mm2; channels, nodes and cores are counted as for the power
LASER_MM2 = 0.4 * 0.3
COMB_MM2 = 1.184**2
DAC_MM2 = 0.011
ADC_MM2 = 0.00285
TIA_MM2 = 5e-5
ADDER_MM2 = 0.00024 / 2.7
MODULATOR_MM2 = 0.26 * 0.02
ROUTER_MM2 = 0.0048**2
NODE_MM2 = (1.8 + 100 + 5.25 + 10 + 30) * (1.8 + 45 + 20) * 1e-6  # one element after the other, with clearances
BRANCH_UM = 1.8, 1.3
BUFFER_MM2 = 14.348352 / 4, 0.0683105, 0.000305237  # as BUFFER_MW
