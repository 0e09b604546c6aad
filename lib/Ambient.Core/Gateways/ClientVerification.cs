namespace Ambient.Core.Gateways;

/// <summary>What is asked of clients.</summary>
public enum ClientVerification
{
    None,

    /// <summary>A certificate is asked for; none, or one that is not valid, is let in and told apart (Istio OPTIONAL_MUTUAL, AllowInsecureFallback).</summary>
    Optional,

    /// <summary>Without a valid certificate there is no connection.</summary>
    Required,
}
