namespace Ambient.Core.Routes;

public enum PathMatchKind
{
    Exact,

    /// <summary>A plain string prefix: <c>/foo</c> takes <c>/foobar</c> (VirtualService).</summary>
    Prefix,

    /// <summary>Whole segments: <c>/foo</c> takes <c>/foo</c>, <c>/foo/</c>, <c>/foo/bar</c>, not <c>/foobar</c> (Gateway API PathPrefix).</summary>
    SegmentPrefix,

    /// <summary>RE2 over the whole path.</summary>
    Regex,
}
