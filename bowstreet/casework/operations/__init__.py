"""Operations, authorities, and the gate that issues permits."""
