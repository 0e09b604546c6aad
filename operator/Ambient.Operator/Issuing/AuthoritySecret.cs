using System.Text;
using Ambient.Identity.Issuing;
using Ambient.Kube.Resources;

namespace Ambient.Operator.Issuing;

/// <summary>A CA as a Secret of the <c>cacerts</c> layout: ca-cert.pem, ca-key.pem, cert-chain.pem, root-cert.pem.</summary>
internal static class AuthoritySecret
{
    /// <summary>What somebody plugged in; wins.</summary>
    public const string PluggedIn = "cacerts";

    /// <summary>What the operator made itself.</summary>
    public const string OwnName = "ambient-ca";

    /// <exception cref="FormatException">A part is missing or does not fit; the message names it.</exception>
    public static CertificateAuthority Load(Secret secret, TimeProvider time) => CertificateAuthority.Load(
        Required(secret, "ca-cert.pem"), Required(secret, "ca-key.pem"), Text(secret, "cert-chain.pem"), Required(secret, "root-cert.pem"), time);

    public static Secret Of(CertificateAuthority authority, string @namespace) => new()
    {
        Metadata = new ObjectMeta { Name = OwnName, Namespace = @namespace },
        Type = "ambient.dev/ca",
        Data = new Dictionary<string, byte[]>
        {
            ["ca-cert.pem"] = Encoding.UTF8.GetBytes(authority.CertificatePem),
            ["ca-key.pem"] = Encoding.UTF8.GetBytes(authority.KeyPem),
            ["cert-chain.pem"] = Encoding.UTF8.GetBytes(authority.ChainPem),
            ["root-cert.pem"] = Encoding.UTF8.GetBytes(authority.RootsPem),
        },
    };

    private static string Required(Secret secret, string key) =>
        Text(secret, key) is { Length: > 0 } text ? text : throw new FormatException($"{key} is missing");

    private static string Text(Secret secret, string key) =>
        secret.Data.TryGetValue(key, out byte[]? bytes) ? Encoding.UTF8.GetString(bytes) : "";
}
