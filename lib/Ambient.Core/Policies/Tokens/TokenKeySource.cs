namespace Ambient.Core.Policies.Tokens;

/// <param name="Uri">Absolute http or https URI: of the key set, or of the issuer.</param>
/// <param name="Discovery">True: the key set's place is asked for at <c>{Uri}/.well-known/openid-configuration</c>.</param>
public readonly record struct TokenKeySource(string Uri, bool Discovery);
