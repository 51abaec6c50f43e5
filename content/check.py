"""placeholder"""
def structure_findings(library): return []
