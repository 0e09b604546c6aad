namespace Ambient.Compile.Sources;

/// <summary>A field of an object has a value that makes the object unreadable. Never leaves this library.</summary>
internal sealed class FieldException(string path, string message) : Exception(message)
{
    public string Path { get; } = path;
}
