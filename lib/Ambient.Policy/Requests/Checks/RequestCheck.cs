namespace Ambient.Policy.Requests.Checks;

/// <summary>One field of a rule.</summary>
/// <param name="field">As its author finds it: <c>from[0].source.principals</c>, <c>when[1].values</c>.</param>
internal abstract class RequestCheck(string field)
{
    public string Field { get; } = field;

    /// <summary>Why the field cannot be evaluated; null when it can.</summary>
    public virtual string? Broken => null;

    /// <param name="path">The reading of the path that is asked about.</param>
    public abstract bool Holds(RequestSubject subject, string? path);
}
