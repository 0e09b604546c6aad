namespace Ambient.Resources.Manifests;

/// <summary>Bounds of what is read: a manifest can come from anywhere.</summary>
internal static class ManifestLimits
{
    /// <summary>Bytes of one document, and so of one object.</summary>
    public const int DocumentBytes = 10 * 1024 * 1024;

    public const long FileBytes = 256L * 1024 * 1024;

    public const int Depth = 64;

    /// <summary>Values of one document, each time an alias repeats them counted again.</summary>
    public const int Nodes = 1_000_000;

    /// <summary>Errors that are kept; after these reading stops.</summary>
    public const int Errors = 100;

    /// <summary>Fields whose lines are remembered for messages.</summary>
    public const int Positions = 20_000;
}
