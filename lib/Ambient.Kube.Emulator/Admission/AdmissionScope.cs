namespace Ambient.Kube.Emulator.Admission;

/// <summary>What admission took for a write (addresses); given back unless the write was committed.</summary>
internal sealed class AdmissionScope : IDisposable
{
    private Action? undo;

    public static AdmissionScope Nothing => new();

    public AdmissionScope OnUndo(Action action)
    {
        undo += action;
        return this;
    }

    public void Keep() => undo = null;

    public void Dispose() => undo?.Invoke();
}
