using Ambient.Core.Identity;

namespace Ambient.Policy.Rules;

/// <summary>The facts of one connection in the form that rules compare, on the stack: evaluating allocates nothing.</summary>
internal readonly ref struct CallerText
{
    /// <summary>Room for any principal: a trust domain, two segments and what stands between them.</summary>
    public const int MaxPrincipalLength = 255 + 4 + 253 + 4 + 253;

    public CallerText(SpiffeId? identity, Span<char> buffer)
    {
        HasIdentity = identity is not null;
        Identity = identity.GetValueOrDefault();
        Principal = HasIdentity ? Write(Identity, buffer) : default;
    }

    public bool HasIdentity { get; }

    public SpiffeId Identity { get; }

    /// <summary>The id without its scheme; empty without identity.</summary>
    public ReadOnlySpan<char> Principal { get; }

    private static ReadOnlySpan<char> Write(SpiffeId id, Span<char> buffer)
    {
        int length = 0;
        Append(id.TrustDomain, buffer, ref length);
        Append("/ns/", buffer, ref length);
        Append(id.Namespace, buffer, ref length);
        Append("/sa/", buffer, ref length);
        Append(id.ServiceAccount, buffer, ref length);
        return buffer[..length];
    }

    private static void Append(string part, Span<char> buffer, ref int length)
    {
        part.CopyTo(buffer[length..]);
        length += part.Length;
    }
}
