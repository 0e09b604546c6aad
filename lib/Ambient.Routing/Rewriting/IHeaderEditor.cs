namespace Ambient.Routing.Rewriting;

/// <summary>The headers of a message while it passes.</summary>
public interface IHeaderEditor
{
    void Remove(string name);

    /// <summary>Replaces all lines of the name by one.</summary>
    void Replace(string name, string value);

    /// <summary>One more line.</summary>
    void Append(string name, string value);
}
