namespace Ambient.Cli.Explaining.Requests;

/// <summary>The parts of a URL: the host as written, the port or its scheme's own, the target (path and query) as it would be sent.</summary>
/// <param name="HasPort">It names its port itself.</param>
internal sealed record RequestTarget(string Scheme, string Host, int Port, string Authority, string PathAndQuery, bool HasPort = false)
{
    /// <summary>Not by <see cref="Uri"/>, which would resolve the dot segments and escapes that are to be explained.</summary>
    public static RequestTarget Parse(string url)
    {
        int colon = url.IndexOf("://", StringComparison.Ordinal);
        string scheme = url[..colon].ToLowerInvariant();
        scheme = scheme switch { "grpc" => "http", "grpcs" => "https", "ws" => "http", "wss" => "https", _ => scheme };
        string rest = url[(colon + 3)..];
        int end = rest.AsSpan().IndexOfAny('/', '?');
        string authority = end < 0 ? rest : rest[..end];
        string path = end < 0 ? "/" : rest[end] == '?' ? "/" + rest[end..] : rest[end..];
        int fragment = path.IndexOf('#', StringComparison.Ordinal);
        if (scheme is not ("http" or "https") || !Routing.Canonicalising.RequestAuthority.TryParse(authority, out var parsed))
        {
            throw CliException.Usage($"'{url}' is no URL that can be explained", "--to", "it needs http:// or https://, a host without a user name, and perhaps a port from 1 to 65535", "for example --to http://orders.shop/api");
        }

        return new RequestTarget(scheme, parsed.Host, parsed.Port ?? (scheme == "https" ? 443 : 80), authority, fragment < 0 ? path : path[..fragment], parsed.Port is not null);
    }

    /// <summary>Without the port; what is no authority is taken as it is.</summary>
    public static string HostOf(string authority) => Routing.Canonicalising.RequestAuthority.TryParse(authority, out var parsed) ? parsed.Host : authority;

    /// <summary>The host that the request itself names, by its Host header where that was given, as curl has it; the connection goes to the URL's all the same.</summary>
    public RequestTarget Naming(Question question) => question.Headers.LastOrDefault(static h => h.Key.Equals("host", StringComparison.OrdinalIgnoreCase)).Value is { Length: > 0 } named
        ? this with { Authority = named }
        : this;

    /// <summary>HOST:PORT.</summary>
    public static RequestTarget OfConnection(string text) => Routing.Canonicalising.RequestAuthority.TryParse(text, out var parsed) && parsed.Port is { } port
        ? new RequestTarget("tcp", parsed.Host, port, text, "/", HasPort: true)
        : throw CliException.Usage($"'{text}' is no destination", "--to", "a connection through a gateway goes to HOST:PORT", "for example --to db.example.com:5432");
}
