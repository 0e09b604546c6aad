namespace Ambient.Policy.Requests;

/// <summary>The first rule of a policy that matches.</summary>
/// <param name="Rule">-1: none.</param>
/// <param name="From">Index of the source, -1 when the rule has none.</param>
/// <param name="To">Index of the operation, -1 when the rule has none.</param>
internal readonly record struct RequestPolicyMatch(int Rule, int From, int To)
{
    public static RequestPolicyMatch None { get; } = new(-1, -1, -1);

    public bool Any => Rule >= 0;

    /// <summary><c>from[0] to[1]</c>, or what says that there is neither.</summary>
    public string Clause => (From, To) switch
    {
        ( < 0, < 0) => "",
        (_, < 0) => $"from[{From}]",
        ( < 0, _) => $"to[{To}]",
        _ => $"from[{From}] to[{To}]",
    };
}
