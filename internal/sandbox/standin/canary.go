package standin

// Canary stands where a cloud can answer with a credential. The platform makes nothing of it, and tests search for it
// wherever no secret belongs.
const Canary = "planted-credential-of-the-cloud"
