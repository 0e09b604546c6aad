namespace Ambient.Kube.Http;

/// <summary>How a patch body is read.</summary>
public enum PatchKind
{
    /// <summary>RFC 7386.</summary>
    Merge,

    /// <summary>RFC 6902.</summary>
    Json,

    /// <summary>Server-side apply: the body is the object as its field manager wants it; needs a field manager.</summary>
    Apply,

    /// <summary>Built-in kinds only.</summary>
    StrategicMerge,
}
