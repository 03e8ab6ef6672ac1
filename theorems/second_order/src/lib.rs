//! Second-order methods: Newton, quasi-Newton, implicit steps.

theoria_verification::chapter! {}
