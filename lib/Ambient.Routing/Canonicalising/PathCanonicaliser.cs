using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Ambient.Core.Requests;

namespace Ambient.Routing.Canonicalising;

/// <summary>
/// Makes one form of every request target that can only be read one way and refuses the others (400): escaped slashes and backslashes,
/// escaped dots that would make a dot segment, dot segments with parameters (<c>..;a</c>), fragments, NUL, broken escapes and broken UTF-8.
/// RFC 3986 §6.2.2 and §5.2.4. Idempotent. A plain path is returned as it came, without a copy.
/// </summary>
public static class PathCanonicaliser
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,=:@/");

    private static readonly SearchValues<char> InQuery = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7F - 0x21).Select(c => (char)c).Where(c => c != '#')]);

    /// <param name="target">The request target as it was sent: path and query.</param>
    /// <param name="reason">For the access log and the caller; null when there is a canonical form.</param>
    public static bool TryRead(
        string target, PathNormalization normalization, out CanonicalTarget canonical, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(target);
        canonical = default;
        int question = target.IndexOf('?', StringComparison.Ordinal);
        string query = question < 0 ? "" : target[(question + 1)..];
        string path = question < 0 ? target : target[..question];
        reason = Unfit(path, query);
        if (reason is not null)
        {
            return false;
        }

        if (!IsPlain(path))
        {
            reason = PathDecoding.TryDecode(path, normalization, out string decoded)
                ?? DotSegments.TryResolve(decoded, normalization != PathNormalization.Base, out path);
        }

        canonical = reason is null ? new CanonicalTarget(path, query, LenientReading.Of(path), question >= 0) : default;
        return reason is null;
    }

    /// <summary>
    /// A path of a route or policy with the escapes that a canonical path has, so that both can be compared as text. Dot segments and
    /// slashes stay as they are written.
    /// </summary>
    public static string Literal(string path) => Ambient.Core.Requests.PathLiteral.Of(path);

    private static string? Unfit(string path, string query) =>
        path.Contains('#', StringComparison.Ordinal) || query.Contains('#', StringComparison.Ordinal) ? "the request target has a fragment"
        : path is "*" ? null
        : !path.StartsWith('/') ? "the request target does not begin with /"
        : query.AsSpan().ContainsAnyExcept(InQuery) ? "the query has a character that must be escaped"
        : null;

    private static bool IsPlain(string path) =>
        !path.AsSpan().ContainsAnyExcept(Plain)
        && !path.Contains("/.", StringComparison.Ordinal)
        && !path.Contains("//", StringComparison.Ordinal);
}
