namespace Ambient.Routing.Matching;

/// <summary>
/// A radix tree over prefixes: a lookup walks the text once, meeting every prefix of it that is in the tree. Immutable once made.
/// </summary>
internal sealed class PrefixTree
{
    private readonly string _label;
    private readonly SortedList<char, PrefixTree> _children = [];

    private PrefixTree(string label)
    {
        _label = label;
    }

    /// <summary>Places of the entries whose prefix ends here, ascending.</summary>
    public int[] Places { get; private set; } = [];

    /// <param name="prefixes">With ascending places.</param>
    public static PrefixTree Of(IEnumerable<(string Prefix, int Place)> prefixes)
    {
        PrefixTree root = new("");
        foreach (IGrouping<string, (string Prefix, int Place)> same in prefixes.GroupBy(p => p.Prefix, StringComparer.Ordinal))
        {
            root.Insert(same.Key).Places = [.. same.Select(p => p.Place)];
        }

        return root;
    }

    /// <summary>The child along the text, or null where the text leaves the tree.</summary>
    public PrefixTree? Next(string text, ref int at)
    {
        if (at >= text.Length || !_children.TryGetValue(text[at], out PrefixTree? child)
            || !text.AsSpan(at).StartsWith(child._label))
        {
            return null;
        }

        at += child._label.Length;
        return child;
    }

    private PrefixTree Insert(string prefix)
    {
        PrefixTree node = this;
        while (prefix.Length > 0)
        {
            if (!node._children.TryGetValue(prefix[0], out PrefixTree? child))
            {
                child = new PrefixTree(prefix);
                node._children.Add(prefix[0], child);
                return child;
            }

            int common = child._label.AsSpan().CommonPrefixLength(prefix);
            node = common == child._label.Length ? child : node.Split(child, common);
            prefix = prefix[common..];
        }

        return node;
    }

    private PrefixTree Split(PrefixTree child, int at)
    {
        PrefixTree upper = new(child._label[..at]);
        PrefixTree lower = new(child._label[at..]) { Places = child.Places };
        foreach ((char key, PrefixTree below) in child._children)
        {
            lower._children.Add(key, below);
        }

        upper._children.Add(lower._label[0], lower);
        _children[upper._label[0]] = upper;
        return upper;
    }
}
