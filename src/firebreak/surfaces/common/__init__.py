"""What all surfaces share: frame, components, language, sign-in, the gate every request passes."""
