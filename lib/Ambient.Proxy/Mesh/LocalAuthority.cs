using Ambient.Identity.Issuing;

namespace Ambient.Proxy.Mesh;

/// <summary>A CA from a directory in the <c>cacerts</c> layout, in this process: for development, tests and benchmarks.</summary>
internal static class LocalAuthority
{
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="FormatException">The parts do not belong together.</exception>
    internal static CertificateAuthority Load(string directory, TimeProvider time)
    {
        string chain = Path.Combine(directory, "cert-chain.pem");
        return CertificateAuthority.Load(
            File.ReadAllText(Path.Combine(directory, "ca-cert.pem")),
            File.ReadAllText(Path.Combine(directory, "ca-key.pem")),
            File.Exists(chain) ? File.ReadAllText(chain) : null,
            File.ReadAllText(Path.Combine(directory, "root-cert.pem")),
            time);
    }
}
