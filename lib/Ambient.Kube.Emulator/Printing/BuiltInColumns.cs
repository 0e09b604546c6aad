namespace Ambient.Kube.Emulator.Printing;

/// <summary>Columns of built-in kinds.</summary>
internal static class BuiltInColumns
{
    public static IReadOnlyList<Column>? Of(string shelf) => null;
}
