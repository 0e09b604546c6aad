using System.Text;
using Ambient.Compile.Gateways.Listeners;

namespace Ambient.Compile.Sources;

/// <summary>
/// A Secret, narrowed to certificates: <c>tls.crt</c>, <c>tls.key</c> and <c>ca.crt</c>, or the names that Istio took before these
/// (<c>cert</c>, <c>key</c>, <c>cacert</c>). Texts are PEM as written, empty where absent.
/// </summary>
internal sealed record SecretSource(SourceMeta Meta, string Chain, string PrivateKey, string Authorities)
{
    /// <summary>Larger than any chain that is in use; a Secret may hold a megabyte.</summary>
    public const int MaxPem = 256 * 1024;

    // No PEM: what is there and cannot be read is not taken for absent, since absent authorities mean others.
    private const string Unreadable = "unreadable";

    public static SecretSource Read(JsonView o, ObjectKey key)
    {
        var data = o["data"];
        var text = o["stringData"];
        return new SecretSource(SourceMeta.Read(o, key), Of("tls.crt", "cert"), Of("tls.key", "key"), Of("ca.crt", "cacert"));

        string Of(string name, string old) => Plain(text, name) ?? Decoded(data, name) ?? Plain(text, old) ?? Decoded(data, old) ?? "";
    }

    /// <summary>Why chain and key cannot be used; null when they can.</summary>
    public string? PairProblem { get; } = PemCheck.PairProblem(Chain, PrivateKey);

    public override string ToString() => $"Secret {Meta.Namespace}/{Meta.Name}";

    private static string? Plain(JsonView map, string name) => map[name].Text() is { } text ? text.Length <= MaxPem ? text : Unreadable : null;

    private static string? Decoded(JsonView map, string name)
    {
        if (map[name].Text() is not { Length: > 0 } coded)
        {
            return null;
        }

        if (coded.Length > MaxPem * 2)
        {
            return Unreadable;
        }

        var bytes = new byte[coded.Length];
        return Convert.TryFromBase64String(coded, bytes, out int length) && length <= MaxPem && Ascii.IsValid(bytes.AsSpan(0, length))
            ? Encoding.ASCII.GetString(bytes, 0, length)
            : Unreadable;
    }
}
