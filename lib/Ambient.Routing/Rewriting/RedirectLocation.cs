using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ambient.Core.Routes;
using Ambient.Routing.Canonicalising;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Rewriting;

/// <summary>The <c>Location</c> of a redirect.</summary>
public static class RedirectLocation
{
    /// <param name="reason">As in <see cref="PathRewriter.TryRewrite"/>, or: the request names no host to lead back to.</param>
    public static bool TryMake(
        RedirectTo redirect, PathMatch? matched, RequestFacts facts, [NotNullWhen(true)] out string? location, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(redirect);
        ArgumentNullException.ThrowIfNull(facts);
        location = null;
        if (!RequestAuthority.TryParse(facts.Authority, out RequestAuthority asked))
        {
            reason = "the request's authority is not a host with an optional port";
            return false;
        }

        string? path = facts.Path;
        reason = null;
        if (redirect.Path is not null && !PathRewriter.TryRewrite(redirect.Path, matched, facts.Path, out path, out reason))
        {
            return false;
        }

        string scheme = redirect.Scheme ?? facts.Scheme;
        int? port = Port(redirect, asked, facts, scheme);
        string named = port is null || port == DefaultPort(scheme) ? "" : ":" + port.Value.ToString(CultureInfo.InvariantCulture);
        string query = facts.Query.Length == 0 || path!.Contains('?', StringComparison.Ordinal) ? "" : "?" + facts.Query;
        location = $"{scheme}://{redirect.Host ?? asked.Host}{named}{path}{query}";
        return true;
    }

    private static int? Port(RedirectTo redirect, RequestAuthority asked, RequestFacts facts, string scheme) =>
        redirect.Port ?? redirect.PortWhenUnset switch
        {
            RedirectPort.SchemeOrListener => redirect.Scheme is not null ? DefaultPort(scheme) ?? facts.Port : facts.Port,
            RedirectPort.SchemeDefault => null,
            RedirectPort.Request => asked.Port,
            RedirectPort.KeptWithHost =>
                redirect.Host is not null || (redirect.Scheme is not null && asked.Port is 80 or 443) ? null : asked.Port,
            _ => throw new InvalidOperationException($"unknown redirect port {redirect.PortWhenUnset}"),
        };

    private static int? DefaultPort(string scheme) => scheme switch
    {
        "http" => 80,
        "https" => 443,
        _ => null,
    };
}
