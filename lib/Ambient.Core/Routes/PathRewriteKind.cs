namespace Ambient.Core.Routes;

public enum PathRewriteKind
{
    /// <summary>The whole path.</summary>
    Full,

    /// <summary>
    /// What the rule's path match took as prefix: text of a <see cref="PathMatchKind.Prefix"/>, segments of a
    /// <see cref="PathMatchKind.SegmentPrefix"/>. With an exact or regex match it is the whole path; without a path match the leading slash.
    /// </summary>
    Prefix,

    /// <summary>Every occurrence of <see cref="PathRewrite.Pattern"/>; <c>\1</c> in the value stands for its first group.</summary>
    Regex,
}
