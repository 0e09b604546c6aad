using System.Collections.Immutable;
using Ambient.Core.Routes;
using Ambient.Policy.Tokens;
using Ambient.Routing.Canonicalising;

namespace Ambient.Waypoint.Requests.Authorizing;

/// <summary>What token policies change of a request before it goes on: tokens that stay here, and claims as headers.</summary>
internal static class TokenChanges
{
    public static void Apply(Exchange x, TokenResult result)
    {
        foreach (string name in result.RemoveHeaders)
        {
            x.Headers.Remove(name);
        }

        foreach (HeaderValue header in result.SetHeaders)
        {
            x.Headers[header.Name] = header.Value;
        }

        if (!result.RemoveParameters.IsEmpty)
        {
            string query = Without(x.Target.Query, '&', result.RemoveParameters, static part => Uri.UnescapeDataString(part));
            x.Target = new CanonicalTarget(x.Target.Path, query, x.Target.LenientPath, query.Length > 0);
        }

        if (!result.RemoveCookies.IsEmpty)
        {
            string cookies = Without(x.Headers.Cookie.ToString(), ';', result.RemoveCookies, static part => part.Trim());
            x.Headers.Cookie = cookies.Length > 0 ? cookies : default;
        }
    }

    private static string Without(string list, char separator, ImmutableArray<string> names, Func<string, string> read) =>
        string.Join(separator, list.Split(separator).Where(part =>
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            return !names.Contains(read(equals < 0 ? part : part[..equals]), StringComparer.Ordinal);
        })).Trim();
}
