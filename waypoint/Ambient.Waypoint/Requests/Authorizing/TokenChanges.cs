using Ambient.Core.Routes;
using Ambient.Policy.Tokens;
using Ambient.Routing.Canonicalising;

namespace Ambient.Waypoint.Requests.Authorizing;

/// <summary>What token policies change of a request before it goes on: tokens that stay here, and claims as headers.</summary>
internal static class TokenChanges
{
    public static void Apply(Exchange x, TokenResult result)
    {
        Remove(x, result);
        foreach (HeaderValue header in result.SetHeaders)
        {
            x.Headers[header.Name] = header.Value;
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
