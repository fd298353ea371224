export const OTHERS = `4.2 MR Spectroscopy Storage
9.1.1 12-lead ECG Waveform Storage
9.1.2 General ECG Waveform Storage
9.1.3 Ambulatory ECG Waveform Storage
9.2.1 Hemodynamic Waveform Storage
9.3.1 Cardiac Electrophysiology Waveform Storage
9.4.1 Basic Voice Audio Waveform Storage
9.4.2 General Audio Waveform Storage
9.5.1 Arterial Pulse Waveform Storage
9.6.1 Respiratory Waveform Storage
11.1 Grayscale Softcopy Presentation State Storage
11.2 Color Softcopy Presentation State Storage
11.3 Pseudo-Color Softcopy Presentation State Storage
11.4 Blending Softcopy Presentation State Storage
11.5 XA/XRF Grayscale Softcopy Presentation State Storage
11.6 Grayscale Planar MPR Volumetric Presentation State Storage
11.8 Advanced Blending Presentation State Storage
66 Raw Data Storage
66.1 Spatial Registration Storage
66.2 Spatial Fiducials Storage
66.3 Deformable Spatial Registration Storage
66.5 Surface Segmentation Storage
66.6 Tractography Results Storage
67 Real World Value Mapping Storage
77.1.5.3 Stereometric Relationship Storage
78.1 Lensometry Measurements Storage
78.2 Autorefraction Measurements Storage
78.3 Keratometry Measurements Storage
78.7 Ophthalmic Axial Measurements Storage
80.1 Ophthalmic Visual Field Static Perimetry Measurements Storage
88.11 Basic Text SR Storage
88.22 Enhanced SR Storage
88.33 Comprehensive SR Storage
88.34 Comprehensive 3D SR Storage
88.35 Extensible SR Storage
88.40 Procedure Log Storage
88.50 Mammography CAD SR Storage
88.59 Key Object Selection Document Storage
88.65 Chest CAD SR Storage
88.67 X-Ray Radiation Dose SR Storage
88.68 Radiopharmaceutical Radiation Dose SR Storage
88.69 Colon CAD SR Storage
88.70 Implantation Plan SR Storage
88.71 Acquisition Context SR Storage
88.72 Simplified Adult Echo SR Storage
88.73 Patient Radiation Dose SR Storage
88.74 Planned Imaging Agent Administration SR Storage
88.75 Performed Imaging Agent Administration SR Storage
90.1 Content Assessment Results Storage
91.1 Microscopy Bulk Simple Annotations Storage
104.1 Encapsulated PDF Storage
104.2 Encapsulated CDA Storage
104.3 Encapsulated STL Storage
104.4 Encapsulated OBJ Storage
104.5 Encapsulated MTL Storage
200.1 CT Defined Procedure Protocol Storage
481.3 RT Structure Set Storage
481.4 RT Beams Treatment Record Storage
481.5 RT Plan Storage
481.6 RT Brachy Treatment Record Storage
481.7 RT Treatment Summary Record Storage
481.8 RT Ion Plan Storage
481.9 RT Ion Beams Treatment Record Storage
481.10 RT Physician Intent Storage`;
