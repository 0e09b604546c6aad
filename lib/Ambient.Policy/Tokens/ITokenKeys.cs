using Ambient.Core.Policies.Tokens;

namespace Ambient.Policy.Tokens;

/// <summary>Key sets that are fetched in the background. Asked on the request path: never waits, never throws.</summary>
public interface ITokenKeys
{
    /// <summary>The set that is there now; null before the first was fetched.</summary>
    JsonWebKeySet? Find(TokenKeySource source);

    /// <summary>A token names a key that the set lacks: the issuer may have rotated. How often that leads to a fetch is bounded here.</summary>
    void Missed(TokenKeySource source);
}
