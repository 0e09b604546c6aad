namespace Ambient.Discovery.Publishing;

/// <summary>Turns a bearer token into a caller (TokenReview, then the bound pod's node).</summary>
public interface ICallerAuthenticator
{
    /// <returns>Null when the token is not valid here: for another audience, expired, not bound to a pod.</returns>
    ValueTask<Caller?> AuthenticateAsync(string bearerToken, CancellationToken ct);
}
