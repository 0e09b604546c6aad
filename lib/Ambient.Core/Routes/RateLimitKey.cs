namespace Ambient.Core.Routes;

/// <summary>Which requests share a bucket.</summary>
public enum RateLimitKey
{
    All,

    /// <summary>Those of one verified identity; those without one share a bucket.</summary>
    Caller,

    SourceAddress,

    /// <summary>Those with one value of a header; those without it share a bucket.</summary>
    Header,
}
