using Ambient.Core.Policies.Tokens;

namespace Ambient.Policy.Tokens;

/// <summary>Nothing was fetched: only keys that are in the policies themselves count (<c>explain</c> without a mesh).</summary>
public sealed class NoTokenKeys : ITokenKeys
{
    private NoTokenKeys()
    {
    }

    public static NoTokenKeys Instance { get; } = new();

    public JsonWebKeySet? Find(TokenKeySource source) => null;

    public void Missed(TokenKeySource source)
    {
    }
}
