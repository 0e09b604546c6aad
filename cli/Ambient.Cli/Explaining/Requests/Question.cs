using System.Collections.Immutable;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>One question to explain, as a person or a line of a batch asks it.</summary>
/// <param name="From"><c>NAMESPACE/POD</c>, an address, or <c>outside</c>.</param>
/// <param name="To">A URL for the L7 answer, HOST:PORT for the L4 one.</param>
/// <param name="Via">A Gateway through which the request comes, <c>NAMESPACE/NAME</c>; null for within the mesh.</param>
/// <param name="Headers">In the order given; a name may be repeated.</param>
/// <param name="Sni">Server name of the TLS handshake, where it differs from the URL's host.</param>
internal sealed record Question(
    string From, string To, string? Via, string Method, ImmutableArray<KeyValuePair<string, string>> Headers, string? Sni)
{
    public const string DefaultMethod = "GET";

    /// <summary>A scheme makes it a request; without one it is a connection.</summary>
    public bool IsRequest => To.Contains("://", StringComparison.Ordinal);

    /// <summary>Answered as a request, also when bytes come through a gateway.</summary>
    public bool HasRequestAnswer => IsRequest || Via is not null;

    /// <summary><c>k=v</c>, or <c>k: v</c> as curl has it.</summary>
    public static KeyValuePair<string, string> Header(string text)
    {
        int at = text.AsSpan().IndexOfAny('=', ':');
        return at <= 0
            ? throw CliException.Usage($"'{text}' is no header", "--header", "a header is NAME=VALUE", "for example --header end-user=debug")
            : Header(text[..at].Trim(), text[at] == ':' ? text[(at + 1)..].Trim() : text[(at + 1)..]);
    }

    public static KeyValuePair<string, string> Header(string name, string value) =>
        !IsToken(name) ? throw CliException.Usage($"'{name}' is no name of a header", "--header", "a name has letters, digits and - only, or _ . ! # $ % & ' * + ^ ` | ~", "for example --header end-user=debug")
        : value.Any(static c => c is '\r' or '\n' or '\0') ? throw CliException.Usage($"the value of header '{name}' has a line break or NUL", "--header", "no proxy would take it", "leave it out")
        : KeyValuePair.Create(name, value);

    /// <summary>As the request line has it: methods are case-sensitive (RFC 9110 §9.1).</summary>
    public static string CheckedMethod(string method) => IsToken(method)
        ? method
        : throw CliException.Usage($"'{method}' is no method", "--method", "a method is one word", "for example --method POST");

    /// <summary>RFC 9110 §5.6.2.</summary>
    private static bool IsToken(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
