using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Ambient.Kube.Emulator.Authentication;

/// <summary>Client certificate of our authority, else bearer token; nobody else gets in.</summary>
internal sealed class Authenticator(TokenAuthority tokens)
{
    public AuthenticatedUser? Authenticate(HttpContext http)
    {
        string header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return tokens.Authenticate(header[7..].Trim());
        }

        // Kestrel has verified the chain during the handshake: a certificate that is here is ours.
        return http.Connection.ClientCertificate is { } certificate ? Of(certificate) : null;
    }

    private static AuthenticatedUser? Of(X509Certificate2 certificate)
    {
        string user = "";
        var groups = new List<string>();
        foreach (X500RelativeDistinguishedName part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(false))
        {
            switch (part.GetSingleElementType().Value)
            {
                case "2.5.4.3":
                    user = part.GetSingleElementValue() ?? "";
                    break;
                case "2.5.4.10":
                    groups.Add(part.GetSingleElementValue() ?? "");
                    break;
            }
        }

        return user.Length == 0 ? null : new AuthenticatedUser(user, "", [.. groups, AuthenticatedUser.AuthenticatedGroup], []);
    }
}
