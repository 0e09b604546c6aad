using Ambient.Core.Routes;
using Ambient.Policy.Tokens;
using Ambient.Routing.Canonicalising;

namespace Ambient.Waypoint.Requests.Authorizing;

/// <summary>What token policies change of a request before it goes on: tokens that stay here, and claims as headers.</summary>
internal static class TokenChanges
{
    /// <summary>What any of them takes away goes first: no header that one sets is another's to take.</summary>
    public static void Apply(Exchange x, ReadOnlySpan<TokenResult> results)
    {
        foreach (TokenResult result in results)
        {
            Remove(x, result);
        }

        foreach (TokenResult result in results)
        {
            foreach (HeaderValue header in result.SetHeaders)
            {
                x.Headers[header.Name] = header.Value;
            }
        }
    }

    private static void Remove(Exchange x, TokenResult result)
    {
        foreach (string name in result.RemoveHeaders)
        {
            x.Headers.Remove(name);
        }

        if (!result.RemoveParameters.IsEmpty)
        {
            string query = result.QueryWithout(x.Target.Query);
            x.Target = new CanonicalTarget(x.Target.Path, query, x.Target.LenientPath, query.Length > 0);
        }

        if (!result.RemoveCookies.IsEmpty)
        {
            string cookies = result.CookiesWithout(x.Headers.Cookie.ToString());
            x.Headers.Cookie = cookies.Length > 0 ? cookies : default;
        }
    }
}
