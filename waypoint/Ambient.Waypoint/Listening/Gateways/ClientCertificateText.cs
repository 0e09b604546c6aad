using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>A client's certificate as an element of X-Forwarded-Client-Cert, in Envoy's words: Hash, Subject, URI, DNS.</summary>
internal static class ClientCertificateText
{
    private const int MaxLength = 4096;

    internal static string Of(X509Certificate2 certificate)
    {
        var text = new StringBuilder("Hash=").Append(certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant());
        text.Append(";Subject=").Append(Quoted(certificate.Subject));
        foreach (var (kind, value) in SubjectNames.Of(certificate))
        {
            string part = $";{kind}={(kind == "URI" && value.AsSpan().ContainsAnyExceptInRange('!', '~') ? Quoted(value) : Plain(value))}";
            if (text.Length + part.Length <= MaxLength)
            {
                text.Append(part);
            }
        }

        return text.ToString();
    }

    private static string Plain(string value) => value.AsSpan().ContainsAny(",;=\"") ? Quoted(value) : value;

    // What no header may have becomes a question mark; quotes and backslashes are escaped.
    private static string Quoted(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\')
            {
                text.Append('\\');
            }

            text.Append(c is >= ' ' and <= '~' ? c : '?');
        }

        return text.Append('"').ToString();
    }
}
