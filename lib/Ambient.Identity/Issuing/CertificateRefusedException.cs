namespace Ambient.Identity.Issuing;

/// <summary>The CA will not sign, and no repetition of the same request changes that.</summary>
public sealed class CertificateRefusedException(string reason, Exception? cause = null) : Exception(reason, cause);
