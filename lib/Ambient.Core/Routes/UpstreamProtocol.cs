namespace Ambient.Core.Routes;

public enum UpstreamProtocol
{
    /// <summary>What the service's port says.</summary>
    FromPort,

    /// <summary>HTTP/2 also where the port says HTTP/1.1 (h2UpgradePolicy UPGRADE).</summary>
    Http2,

    /// <summary>HTTP/1.1 unless the port says HTTP/2 (DO_NOT_UPGRADE).</summary>
    Http11,

    /// <summary>What the caller speaks.</summary>
    AsClient,
}
